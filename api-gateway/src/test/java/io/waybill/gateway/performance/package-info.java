/** Measures what the gateway costs; see {@code infra/docs/performance.md}. */
package io.waybill.gateway.performance;
