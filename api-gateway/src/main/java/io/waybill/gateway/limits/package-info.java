/**
 * How much each client may ask for in a time: counted in Redis for all gateways together, and here while it is away.
 */
@NullMarked
package io.waybill.gateway.limits;

import org.jspecify.annotations.NullMarked;
