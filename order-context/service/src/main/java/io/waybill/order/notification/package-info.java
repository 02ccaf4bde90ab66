/** The customer is told by mail how the order fares. */
@NullMarked
package io.waybill.order.notification;

import org.jspecify.annotations.NullMarked;
