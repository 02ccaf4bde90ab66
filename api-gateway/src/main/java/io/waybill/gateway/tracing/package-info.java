/** The gateway's part of one trace per order: a span for each request, and one for each time a context is asked. */
@NullMarked
package io.waybill.gateway.tracing;

import org.jspecify.annotations.NullMarked;
