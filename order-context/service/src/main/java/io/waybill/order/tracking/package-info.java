/** How orders stand and what happened to them, for those who ask. */
@NullMarked
package io.waybill.order.tracking;

import org.jspecify.annotations.NullMarked;
