import { testFlips } from './flip-tests.ts'

testFlips(1)
