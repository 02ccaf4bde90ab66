/** Accounts, tokens and keys on a real database. */
package io.waybill.gateway.identity;
