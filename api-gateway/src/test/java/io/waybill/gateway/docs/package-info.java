/** What the API's documents have to be like. */
package io.waybill.gateway.docs;
