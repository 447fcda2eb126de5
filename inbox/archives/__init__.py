"""Old mail as it lies in files: mbox, Maildir, single mails."""
