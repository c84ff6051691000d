-- What a meter was charged with is never lost with the invoice or the line that says so: the next month begins where the
-- charges end. Only the way of deletion changes, no row does.
alter table condo.meter_charges
  drop constraint meter_charges_invoice_id_fkey,
  drop constraint meter_charges_invoice_item_id_fkey,
  add constraint meter_charges_invoice_id_fkey foreign key (invoice_id)
    references invoices.invoices on delete restrict,
  add constraint meter_charges_invoice_item_id_fkey foreign key (invoice_item_id)
    references invoices.items on delete restrict;
