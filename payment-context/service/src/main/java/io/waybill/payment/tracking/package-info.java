/** Shows how each payment stands. */
@NullMarked
package io.waybill.payment.tracking;

import org.jspecify.annotations.NullMarked;
