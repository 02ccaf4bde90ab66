/** How an order is carried through payment, stock and shipment, and how it walks back when that fails. */
@NullMarked
package io.waybill.order.fulfilment;

import org.jspecify.annotations.NullMarked;
