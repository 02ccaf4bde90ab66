/** Shows how each shipment stands. */
@NullMarked
package io.waybill.shipping.tracking;

import org.jspecify.annotations.NullMarked;
