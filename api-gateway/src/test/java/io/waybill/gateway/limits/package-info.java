/** Limits before a real Redis, and without one. */
package io.waybill.gateway.limits;
