// WRITE: Keeps accounts apart by `account_id`, and finds them by it.
CREATE CONSTRAINT account_key IF NOT EXISTS
FOR (n:Account) REQUIRE n.account_id IS UNIQUE
