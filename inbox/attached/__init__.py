"""The files of a mail: what they are by their bytes, and under which name they may be handed on."""
