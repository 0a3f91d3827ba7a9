"""What stands where in a text: key blocks, contacts, wallets, links, mentions."""
