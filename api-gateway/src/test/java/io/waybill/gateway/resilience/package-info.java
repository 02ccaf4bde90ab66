/** The gateway before contexts that fail. */
package io.waybill.gateway.resilience;
