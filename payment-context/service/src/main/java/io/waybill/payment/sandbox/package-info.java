/** A payment partner to try everything with: no money, but books that show what it would have moved. */
@NullMarked
package io.waybill.payment.sandbox;

import org.jspecify.annotations.NullMarked;
