/** Answers HTTP requests about shipments, and takes the operators' word on their dispatch and delivery. */
@NullMarked
package io.waybill.shipping.web;

import org.jspecify.annotations.NullMarked;
