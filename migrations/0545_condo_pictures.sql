-- A company's logo and a condo's picture are files in use: neither is kept without the other knowing.

alter table condo.companies add foreign key (logo_file_id) references files.files on delete set null;
create index companies_logo on condo.companies (logo_file_id) where logo_file_id is not null;
alter table condo.condos add foreign key (image_file_id) references files.files on delete set null;
create index condos_image on condo.condos (image_file_id) where image_file_id is not null;
