/** How orders end, and how long that takes, as meters. */
@NullMarked
package io.waybill.order.metrics;

import org.jspecify.annotations.NullMarked;
