"""A mail's parts: bounded and mended before they are parsed, then read as text and attachments."""
