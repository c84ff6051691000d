-- The lists of units of those who work for a company go by it: about one row per unit, a tenth of the table's size.
create index units_of_company on condo.units (company_id) where deleted_at is null;
