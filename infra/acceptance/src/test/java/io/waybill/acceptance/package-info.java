/** The stories of the shop, told from outside: through HTTP to a running system, and nothing else. */
package io.waybill.acceptance;
