/** Books parcels with a carrier, hands them over, and takes bookings back while they have not left. */
@NullMarked
package io.waybill.shipping;

import org.jspecify.annotations.NullMarked;
