/** Answers HTTP requests about payments. */
@NullMarked
package io.waybill.payment.web;

import org.jspecify.annotations.NullMarked;
