/** The order context: customers buy here, and every order is carried through to its end. */
@NullMarked
package io.waybill.order;

import org.jspecify.annotations.NullMarked;
