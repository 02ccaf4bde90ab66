/** The order context over HTTP. */
@NullMarked
package io.waybill.order.web;

import org.jspecify.annotations.NullMarked;
