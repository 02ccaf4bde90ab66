package io.waybill.order;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.waybill.testing.WaybillArchitecture;

@AnalyzeClasses(packages = "io.waybill.order", importOptions = ImportOption.DoNotIncludeTests.class)
class OrderArchitectureTest {

    @ArchTest
    static final ArchTests architecture = ArchTests.in(WaybillArchitecture.class);
}
