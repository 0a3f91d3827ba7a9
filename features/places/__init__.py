"""Places: one name for each country or region, however a market spells it."""
