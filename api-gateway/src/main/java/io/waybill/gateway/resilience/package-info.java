/** Keeps a context that fails from holding up clients, other contexts and itself. */
@NullMarked
package io.waybill.gateway.resilience;

import org.jspecify.annotations.NullMarked;
