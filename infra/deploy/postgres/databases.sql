-- One database per context, and one for the gateway's accounts; their tables are made by Flyway.
create database waybill_order;
create database waybill_payment;
create database waybill_inventory;
create database waybill_shipping;
create database waybill_gateway;
