/** Decides on shipments and asks the carrier to book parcels and to take bookings back. */
@NullMarked
package io.waybill.shipping.booking;

import org.jspecify.annotations.NullMarked;
