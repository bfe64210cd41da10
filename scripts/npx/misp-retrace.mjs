#!/usr/bin/env node
import '../retrace.mjs'
