"""What wrote the mail, and what came back: automatic mail, lists, receipts and bounces."""
