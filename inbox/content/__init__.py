"""Formats inside a mail: winmail.dat, S/MIME, OpenPGP, RTF, invitations, uuencode, enriched text."""
