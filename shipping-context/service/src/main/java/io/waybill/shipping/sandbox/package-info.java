/** A carrier to try everything with: no parcels, but books that show what it would have brought. */
@NullMarked
package io.waybill.shipping.sandbox;

import org.jspecify.annotations.NullMarked;
