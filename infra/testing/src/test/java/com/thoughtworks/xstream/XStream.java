package com.thoughtworks.xstream;

/** Stands for the library, which is never on a class path here. */
public class XStream {}
