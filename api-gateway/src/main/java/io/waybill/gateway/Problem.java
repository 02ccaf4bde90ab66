package io.waybill.gateway;

/** A problem document of RFC 9457, with the stable code that clients decide by. */
public record Problem(String type, String title, int status, String detail, String code, String instance) {}
