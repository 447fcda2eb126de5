"""What agents can do by mail: the grammar, the commands, and who may give them."""
