/** The cache: its rules without any server, and the gateway with a real Redis. */
package io.waybill.gateway.cache;
