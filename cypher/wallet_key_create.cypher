// WRITE: Keeps wallets apart by `value_id`, and finds them by it.
CREATE CONSTRAINT wallet_key IF NOT EXISTS
FOR (n:Wallet) REQUIRE n.value_id IS UNIQUE
