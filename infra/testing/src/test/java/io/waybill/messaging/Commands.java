package io.waybill.messaging;

/** Stands for the messaging module's dispatcher, which depends on this module and not the other way round. */
public interface Commands {}
