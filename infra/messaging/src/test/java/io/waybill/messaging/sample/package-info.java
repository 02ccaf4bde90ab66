/** A small context of the tests' own: shelves that are filled, and parcels of another context. */
@NullMarked
package io.waybill.messaging.sample;

import org.jspecify.annotations.NullMarked;
