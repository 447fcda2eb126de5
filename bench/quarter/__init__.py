"""A simulated quarter: the real worker, 13 weeks, thousands of cases, and a story that is planted in them."""
