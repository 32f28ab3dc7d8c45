"""FHIR: a referral in the shapes of HL7 FHIR R4 as Gravity SDOHCC uses them, for who interchanges in those."""
