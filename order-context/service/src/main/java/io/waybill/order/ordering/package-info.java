/** What an order decides: whether it is accepted, at which prices, and what may still happen to it. */
@NullMarked
package io.waybill.order.ordering;

import org.jspecify.annotations.NullMarked;
