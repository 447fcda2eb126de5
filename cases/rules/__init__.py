"""The rule files: read strictly, checked as a whole, and asked what a mail is about."""
