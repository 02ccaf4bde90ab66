/** The gateway under too much, and before clients that are too slow. */
package io.waybill.gateway.admission;
