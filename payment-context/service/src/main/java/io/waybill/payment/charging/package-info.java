/** Decides on payments and asks the partner to charge and to refund. */
@NullMarked
package io.waybill.payment.charging;

import org.jspecify.annotations.NullMarked;
