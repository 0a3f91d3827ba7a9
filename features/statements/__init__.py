"""What accounts say of accounts: who claims to be whom, who warns of whom."""
