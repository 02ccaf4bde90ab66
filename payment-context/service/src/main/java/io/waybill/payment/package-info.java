/** Charges orders once through a payment partner, and gives back what must not be kept. */
@NullMarked
package io.waybill.payment;

import org.jspecify.annotations.NullMarked;
