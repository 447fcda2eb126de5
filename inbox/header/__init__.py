"""Header fields: where they stand, and what a person reads in them."""
